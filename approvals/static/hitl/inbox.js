'use strict';
// The inbox: lines are selected, filters apply themselves, and new lines come in. Without this file a reload does it.
{
    const ASKED_EVERY = 15_000;
    // So long after the pointer moved nothing moves under it.
    const STILL_AFTER = 2_000;
    const root = document.querySelector('[data-inbox]');
    const form = document.getElementById('selection');
    let bar = document.querySelector('[data-selection]');
    const news = root.querySelector('[data-news]');
    const all = root.querySelector('[data-select-all]');
    const allBox = all.closest('[hidden]');
    let anchor = null;
    let movedAt = 0;
    let waiting = null; // What the server showed last and this page does not yet.
    let asked = 0;

    const part = (name, of = document) => of.querySelector(`[data-part="${name}"]`);
    const lines = (of = document) => [...of.querySelectorAll('[data-part="lines"] .line')];
    const boxOf = (line) => line?.querySelector('input[name=chosen]');
    const boxes = () => lines().map(boxOf).filter((box) => box && !box.disabled);
    const focused = () => document.activeElement?.closest?.('[data-part="lines"] .line');

    // Selection
    function show() {
        const chosen = boxes().filter((box) => box.checked).length;
        for (const box of boxes()) box.closest('.line').classList.toggle('is-selected', box.checked);
        if (bar) {
            bar.hidden = !chosen;
            bar.querySelector('[data-selected]').textContent = chosen;
        }
        allBox.hidden = !bar;
        all.checked = chosen > 0 && chosen === boxes().length;
        all.indeterminate = chosen > 0 && !all.checked;
    }

    function select(box, isChecked) {
        if (!box || box.disabled) return;
        box.checked = isChecked;
        anchor = box;
        show();
    }

    function range(box) {
        const every = boxes();
        const [from, to] = [every.indexOf(anchor), every.indexOf(box)].sort((one, other) => one - other);
        if (from >= 0) for (const each of every.slice(from, to + 1)) each.checked = box.checked;
    }

    function stretch(by) {
        const here = boxOf(focused());
        const every = boxes();
        const next = every[every.indexOf(here) + by];
        select(here, true);
        if (!next) return;
        next.closest('.line').querySelector('[data-row]').focus();
        select(next, true);
    }

    // Keys never decide here: they lead to the page that shows what is decided.
    function pressed(key) {
        const box = boxOf(focused());
        if (key === 'x') select(box, !box?.checked);
        else if (key === 'J') stretch(1);
        else if (key === 'K') stretch(-1);
        else if (key === 'Escape' && bar && !bar.hidden) for (const each of boxes()) each.checked = false;
        else if ('areh'.includes(key) && bar?.hidden && box) select(box, true); // The button of the key is there now.
        else return false;
        show();
        return !'areh'.includes(key);
    }

    document.addEventListener('shortcut', (event) => {
        if (pressed(event.detail)) event.preventDefault();
    });
    form.addEventListener('click', (event) => {
        if (event.target.name !== 'chosen') return;
        if (event.shiftKey) range(event.target);
        select(event.target, event.target.checked);
    });
    all.addEventListener('change', () => {
        for (const box of boxes()) box.checked = all.checked;
        show();
    });

    // What the server shows
    async function fetched(address) {
        const answer = await fetch(address).catch(() => null);
        if (!answer?.ok || answer.redirected) return null;
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        return page.querySelector('[data-inbox]') && page;
    }

    function swap(page, ...names) {
        for (const name of names) {
            const [here, fresh] = [part(name), part(name, page)];
            if (here && fresh && !here.contains(document.activeElement)) here.replaceChildren(...fresh.childNodes);
        }
    }

    function takeIn(page) {
        const at = focused()?.dataset.id;
        const chosen = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
        document.activeElement?.closest?.('[data-part="lines"]') && document.activeElement.blur();
        swap(page, 'title', 'tabs', 'own', 'offers', 'lines', 'bar', 'pages');
        bar = document.querySelector('[data-selection]');
        for (const box of boxes()) box.checked = chosen.has(box.value);
        lines().find((line) => line.dataset.id === at)?.querySelector('[data-row]').focus();
        waiting = anchor = null;
        news.hidden = true;
        show();
    }

    const isBusy = () => Boolean(focused()) || part('lines').matches(':hover') || boxes().some((box) => box.checked)
        || performance.now() - movedAt < STILL_AFTER;

    // A line that others decided stays where it is, struck through, and says who did.
    async function strike(missing) {
        if (!missing.length) return;
        const query = new URLSearchParams(missing.map((line) => ['id', line.dataset.id]));
        const answer = await fetch(`${root.dataset.inbox}?${query}`).catch(() => null);
        const said = answer?.ok && !answer.redirected ? await answer.json() : {};
        for (const line of missing.filter((one) => said[one.dataset.id])) {
            line.classList.add('is-gone');
            line.classList.remove('is-selected');
            line.querySelector('[data-gone]').textContent = said[line.dataset.id];
            line.querySelector('[data-gone]').hidden = false;
            const box = boxOf(line);
            if (box) box.checked = !(box.disabled = true);
        }
        show();
    }

    // A line that is still there gets its new words in its place.
    function renew(line, fresh) {
        const words = (one) => one.querySelector('.line-what').textContent + one.querySelector('.line-amount').textContent;
        if (words(line) !== words(fresh)) line.classList.add('is-changed');
        line.querySelector('[data-row]').replaceChildren(...fresh.querySelector('[data-row]').cloneNode(true).childNodes);
    }

    async function refresh() {
        // Where a name of a view was refused, the address is that of its form.
        if (document.visibilityState !== 'visible' || location.pathname !== root.dataset.page) return;
        const round = ++asked;
        const page = await fetched(location.href);
        if (!page || round !== asked) return;
        const fresh = new Map(lines(page).map((line) => [line.dataset.id, line]));
        const here = lines().filter((line) => !line.classList.contains('is-gone'));
        const known = new Set(here.map((line) => line.dataset.id));
        const added = [...fresh.keys()].filter((id) => !known.has(id)).length;
        const wasStruck = here.length < lines().length;
        if (!isBusy() && (added || wasStruck)) return takeIn(page);
        for (const line of here) if (fresh.has(line.dataset.id)) renew(line, fresh.get(line.dataset.id));
        swap(page, 'title', 'tabs');
        waiting = page;
        news.hidden = !added;
        news.querySelector('[data-news-count]').textContent = added;
        await strike(here.filter((line) => !fresh.has(line.dataset.id)));
    }

    async function apply(filters) {
        const query = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value));
        // A default view would take the place of an address without any parameter.
        if (!query.toString()) query.set('view', '');
        const address = `${root.dataset.page}?${query}`;
        const round = ++asked;
        const page = await fetched(address);
        if (round !== asked) return;
        if (!page) return filters.requestSubmit();
        history.replaceState(null, '', address);
        for (const box of boxes()) box.checked = false;
        takeIn(page);
    }

    for (const filters of root.querySelectorAll('[data-applies]')) {
        filters.addEventListener('change', (event) => { if (event.target.matches('select')) apply(filters); });
    }
    news.addEventListener('click', () => { if (waiting) takeIn(waiting); });
    document.addEventListener('pointermove', () => { movedAt = performance.now(); }, {passive: true});
    document.addEventListener('visibilitychange', refresh);
    window.addEventListener('pageshow', (event) => { show(); if (event.persisted) refresh(); });
    setInterval(refresh, ASKED_EVERY);
    show();
}
