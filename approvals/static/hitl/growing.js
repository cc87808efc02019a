'use strict';
// A list in a form has one free line; to write in it makes the next. Without this file there is one at a time.
{
    const MOST = 20; // As many as are taken at a time.
    const NAMES = ['id', 'name', 'for', 'data-at', 'aria-describedby'];

    const renamed = (line, from, to) => {
        for (const element of [line, ...line.querySelectorAll('*')]) {
            for (const name of NAMES.filter((one) => element.hasAttribute(one))) {
                const [before, after, ...rest] = element.getAttribute(name).split(from);
                const isOurs = rest.length === 0 && after !== undefined && (after === '' || after.startsWith('/'));
                if (isOurs) element.setAttribute(name, `${before}${to}${after}`);
            }
        }
    };

    const emptied = (line) => {
        for (const mark of line.querySelectorAll('.mark')) mark.remove();
        for (const field of line.querySelectorAll('input, textarea')) field.value = field.defaultValue = '';
        for (const field of line.querySelectorAll('select')) field.value = '';
    };

    document.addEventListener('input', (event) => {
        const line = event.target.closest('tr[data-at], .kind-list > [data-at]');
        if (!line || line.nextElementSibling?.dataset.at) return;
        if (line.parentElement.querySelectorAll(':scope > [data-at]').length >= MOST) return;
        const [, list, place] = /^(.*\/)(\d+)$/.exec(line.dataset.at) || [];
        if (!list) return;
        const copy = line.cloneNode(true);
        renamed(copy, line.dataset.at, `${list}${Number(place) + 1}`);
        emptied(copy);
        const number = copy.querySelector(':scope > .label bdi, :scope > legend bdi');
        if (number) number.textContent = Number(place) + 2;
        line.after(copy);
    });
}
