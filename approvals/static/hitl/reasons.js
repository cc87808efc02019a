'use strict';
// Choosing a reason writes its words where the reason stands; they can be changed and added to. Without this file the
// server writes them where nothing was written.
{
    const list = document.querySelector('select[data-words-for]');
    const field = list && document.getElementById(list.dataset.wordsFor);
    let written = '';
    list?.addEventListener('change', () => {
        const words = list.selectedOptions[0]?.dataset.words || '';
        // Keep text that the person typed; only replace a previously chosen reason.
        const own = written && field.value.startsWith(written) ? field.value.slice(written.length) : field.value;
        const rest = own.trim();
        field.value = words && rest ? `${words} ${rest}` : words || rest;
        written = words;
    });
}
