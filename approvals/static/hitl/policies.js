'use strict';
// The editor of drafts: the server says what is wrong while somebody types, and a click puts a fact's name into the
// condition. Without this file the buttons do the same.
{
    const PAUSE = 400;
    const form = document.querySelector('form[data-check]');
    let timer = 0;
    let asked = null;

    function item(fault, withPlace) {
        const line = document.createElement('li');
        if (withPlace && fault.place) {
            const place = document.createElement('code');
            place.textContent = fault.place;
            line.append(place, ' ');
        }
        line.append(fault.sentence);
        if (fault.marked) {
            const code = document.createElement('code');
            const mark = document.createElement('mark');
            code.className = 'marked-line';
            mark.textContent = fault.marked[1];
            code.append(fault.marked[0], mark, fault.marked[2]);
            line.append(' ', code);
        }
        return line;
    }

    function show(answer) {
        const line = form.querySelector('[data-status]');
        if (line) {
            line.classList.toggle('is-good', answer.is_good);
            line.classList.toggle('is-open', answer.is_open);
            line.querySelector('[data-status-words]').textContent = answer.status;
            const failing = Object.values(answer.failing).map((sentence) => ({sentence}));
            const needed = answer.needed.map((words) => ({sentence: `${form.dataset.needed} ${words}`}));
            const faults = answer.is_open ? needed : answer.faults;
            const all = [...faults, ...failing].map((fault) => item(fault, true));
            line.querySelector('[data-status-faults]').replaceChildren(...all);
        }
        for (const list of form.querySelectorAll('[data-faults-for]')) {
            const isOwn = (fault) => fault.name && !fault.field && fault.name === list.dataset.faultsFor;
            const own = answer.faults.filter(isOwn);
            list.replaceChildren(...own.map((fault) => item(fault, false)));
            const field = document.getElementById(`f-${list.dataset.faultsFor}`);
            if (field) own.length ? field.setAttribute('aria-invalid', 'true') : field.removeAttribute('aria-invalid');
        }
    }

    // The server shows the rows of a condition again, as a whole page would: nothing is decided twice.
    async function rebuild(changed) {
        const box = changed.closest('[data-builder]');
        const focused = changed.name;
        const body = new FormData(form, changed.type === 'submit' ? changed : null);
        const answer = await fetch(form.action, {method: 'POST', body, credentials: 'same-origin'});
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const fresh = page.querySelector(`[data-builder="${CSS.escape(box.dataset.builder)}"]`);
        if (!fresh) return;
        const before = new Set([...box.querySelectorAll('[name]')].map((field) => field.name));
        const list = box.querySelector('.cel-fold');
        if (list) fresh.querySelector('.cel-fold').open = list.open;
        box.replaceWith(fresh);
        const source = page.querySelector('input[name=source]');
        if (source) form.querySelector('input[name=source]').value = source.value;
        const fields = [...fresh.querySelectorAll('select, input')];
        const next = fields.find((field) => field.name && !before.has(field.name));
        const isNew = changed.type === 'submit' || focused.endsWith(':field');
        ((isNew && next) || fields.find((field) => field.name === focused))?.focus();
        check();
    }

    async function check() {
        asked?.abort();
        asked = new AbortController();
        try {
            const answer = await fetch(form.dataset.check, {
                method: 'POST', body: new FormData(form), credentials: 'same-origin', signal: asked.signal,
            });
            if (answer.ok) show(await answer.json());
        } catch (error) {
            // A newer question took this one's place, or the network is away: the Check button still works.
            if (error.name !== 'AbortError') console.info(error.message);
        }
    }

    if (form) {
        form.classList.add('has-script');
        form.addEventListener('change', (event) => {
            if (event.target.closest('[data-rebuilds]')) rebuild(event.target);
        });
        form.addEventListener('click', (event) => {
            const button = event.target.closest('[data-builder] button');
            if (!button) return;
            event.preventDefault();
            rebuild(button);
        });
        let last = null;
        const first = () => form.querySelector('[data-takes-facts]');
        form.addEventListener('focusin', (event) => {
            if (event.target.matches('[data-takes-facts]')) last = event.target;
        });
        // A field is looked at when it is left. While it is typed in, only what was wrong before is looked at again.
        const soon = () => {
            clearTimeout(timer);
            timer = setTimeout(check, PAUSE);
        };
        let isChanged = form.hasAttribute('data-changed');
        form.addEventListener('input', (event) => {
            isChanged = true;
            const wasWrong = form.querySelector('[data-status]:not(.is-open, .is-good)');
            if (wasWrong || event.target.getAttribute('aria-invalid')) soon();
        });
        form.addEventListener('change', soon);
        form.addEventListener('submit', () => { isChanged = false; });
        window.addEventListener('beforeunload', (event) => {
            if (isChanged) event.preventDefault();
        });
        form.addEventListener('click', (event) => {
            const word = event.target.closest('[data-insert]');
            const field = last || first();
            if (!word || !field) return;
            field.setRangeText(word.dataset.insert, field.selectionStart, field.selectionEnd, 'end');
            field.focus();
            field.dispatchEvent(new Event('input', {bubbles: true}));
        });
    }
}
