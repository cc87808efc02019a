'use strict';
// Keys for those who decide all day. Every key stands for a link or button that works without this file.
{
    // After a decision the next item comes at once: a key still held down or hit twice must not decide it unseen.
    const ARMED_AFTER = 400;
    let shown = performance.now();
    const HOLDS_TEXT = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]';
    const dialog = document.getElementById('keys');

    // Two keys that follow each other, such as g and then i, lead to a page.
    const GOES_WITHIN = 1_500;
    let wentAt = -GOES_WITHIN;

    const rows = () => [...document.querySelectorAll('[data-row]')];

    function step(by) {
        const all = rows();
        if (!all.length) return;
        const line = document.activeElement?.closest('.line');
        const at = all.findIndex((row) => row === document.activeElement || line?.contains(row));
        const ahead = by > 0 ? all.slice(at + 1) : all.slice(0, at < 0 ? undefined : at).reverse();
        const next = ahead.find((row) => !row.closest('.is-gone'));
        next?.focus();
        next?.scrollIntoView({block: 'nearest'});
    }

    function press(key) {
        const isThere = (one) => one.dataset.key === key && !one.disabled && !one.closest('[hidden]');
        const target = [...document.querySelectorAll('[data-key]')].find(isThere);
        const field = [...document.querySelectorAll('[data-key-focus]')].find((one) => one.dataset.keyFocus === key);
        if (target) target.click();
        if (field) {
            // What is folded is not focused.
            const folded = field.closest('details');
            if (folded) folded.open = true;
            field.focus({preventScroll: Boolean(field.closest('.bar'))});
        }
        return Boolean(target || field);
    }

    function goes(key) {
        const isSecond = performance.now() - wentAt < GOES_WITHIN;
        wentAt = key === 'g' ? performance.now() : -GOES_WITHIN;
        if (isSecond && key === 'i') document.querySelector('.menu [data-count]')?.click();
        return key === 'g' || isSecond;
    }

    // A page may have keys of its own, such as those that select lines.
    const isTaken = (key) => !document.dispatchEvent(new CustomEvent('shortcut', {detail: key, cancelable: true}));

    function pressed(key) {
        if (goes(key)) return true;
        if (isTaken(key)) return true;
        if (key === '?' && dialog) dialog.showModal();
        else if (key === 'j') step(1);
        else if (key === 'k') step(-1);
        else if (press(key)) return true;
        else if (key === 'b') document.querySelector('.menu a[href$="/inbox/"]')?.click();
        else return false;
        return true;
    }

    // A button that has the focus is pressed by the browser itself: just as unseen, where a key is still down.
    document.addEventListener('keydown', (event) => {
        const isEarly = event.repeat || performance.now() - shown < ARMED_AFTER;
        if (isEarly && ['Enter', ' '].includes(event.key) && event.target.matches('button')) event.preventDefault();
    });

    // In a form that decides, Enter on a checkbox would press its first button.
    document.addEventListener('keydown', (event) => {
        const isBox = event.target.matches('input[type=checkbox]') && event.target.form?.method === 'post';
        if (event.key === 'Enter' && isBox) event.preventDefault();
    });

    document.addEventListener('keydown', (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || dialog?.open) return;
        if (event.target.matches(HOLDS_TEXT)) {
            if (event.key === 'Escape') event.target.blur();
            return;
        }
        if (performance.now() - shown < ARMED_AFTER && !'jk?'.includes(event.key)) return;
        if (pressed(event.key)) event.preventDefault();
    });

    // One click, one request: a second one in the same moment is dropped.
    document.addEventListener('submit', (event) => {
        const form = event.target;
        // A form that answers with a file stays, and can be sent again.
        if (form.method === 'dialog' || form.method === 'get' || 'stays' in form.dataset) return;
        if (form.dataset.sent) event.preventDefault();
        form.dataset.sent = '1';
    });
    window.addEventListener('pageshow', (event) => {
        // A page that the browser kept appears again just as suddenly.
        if (event.persisted) shown = performance.now();
        for (const form of document.forms) delete form.dataset.sent;
    });

    // On paper, what is folded is open.
    window.addEventListener('beforeprint', () => {
        for (const one of document.querySelectorAll('details:not([open])')) {
            // Before it opens: what is open for paper alone was opened by nobody.
            one.dataset.opened = '';
            one.open = true;
        }
    });
    window.addEventListener('afterprint', () => {
        for (const one of document.querySelectorAll('details[data-opened]')) {
            one.open = false;
            delete one.dataset.opened;
        }
    });
}
