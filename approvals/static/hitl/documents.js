'use strict';
// The document beside the fields: where a value stands is shown while its field is looked at. Each link and tab works
// without this file as well.
{
    const WIDE = matchMedia('(min-width: 1280px)');
    const panel = document.getElementById('documents');
    const sections = [...panel.querySelectorAll('.document')];
    const tabs = [...panel.querySelectorAll('[data-document]')];

    // Beside the fields it is always open; folded it saves the room of a phone.
    const unfold = () => { if (WIDE.matches) panel.open = true; };
    unfold();
    WIDE.addEventListener('change', unfold);

    function open(section) {
        for (const each of sections) each.hidden = each !== section;
        for (const tab of tabs) {
            if (tab.dataset.document === section.id) tab.setAttribute('aria-current', 'true');
            else tab.removeAttribute('aria-current');
        }
    }
    for (const tab of tabs) {
        tab.addEventListener('click', (event) => {
            event.preventDefault();
            open(document.getElementById(tab.dataset.document));
        });
    }

    // Scroll the pages alone: the form stays where it is.
    function show(anchor) {
        const place = document.getElementById(anchor);
        const section = place?.closest('.document');
        const isQuote = place?.matches('g, mark');
        if (!section) return null;
        open(section);
        for (const marked of panel.querySelectorAll('.is-shown')) marked.classList.remove('is-shown');
        if (isQuote) place.classList.add('is-shown');
        const pages = section.querySelector('.document-pages');
        const at = place.getBoundingClientRect();
        const frame = pages?.getBoundingClientRect();
        if (frame && (at.top < frame.top || at.bottom > frame.bottom)) {
            const above = isQuote ? frame.height / 3 : 0;
            pages.scrollBy({top: at.top - frame.top - above});
        }
        return section;
    }

    for (const field of document.querySelectorAll('[data-source]')) {
        for (const name of ['focusin', 'pointerenter']) {
            field.addEventListener(name, () => { if (WIDE.matches) show(field.dataset.source); });
        }
    }
    for (const link of document.querySelectorAll('a.source')) {
        link.addEventListener('click', (event) => {
            panel.open = true;
            const isFound = show(link.hash.slice(1));
            // Beside the fields nothing else has to move; otherwise the link leads to the place.
            if (isFound && WIDE.matches) event.preventDefault();
        });
        if (WIDE.matches) link.addEventListener('focus', () => show(link.hash.slice(1)));
    }

    for (const link of panel.querySelectorAll('[data-zoom]')) {
        link.setAttribute('role', 'button');
        link.setAttribute('aria-pressed', 'false');
        link.addEventListener('click', (event) => {
            event.preventDefault();
            const isActual = link.closest('.document').classList.toggle('is-actual');
            link.setAttribute('aria-pressed', String(isActual));
        });
    }
}
