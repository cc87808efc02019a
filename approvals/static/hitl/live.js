'use strict';
// The number of what waits keeps itself up to date while the page is looked at; without this file a reload does.
{
    const ASKED_EVERY = 30_000;
    const places = [...document.querySelectorAll('[data-count]')];
    const title = document.title;

    function count(place, answer) {
        const badge = place.querySelector('.count');
        if (badge) badge.firstChild.nodeValue = `${answer.shown} `;
        else if (answer.waiting) place.insertAdjacentElement('beforeend', made(answer.shown));
        if (badge && !answer.waiting) badge.remove();
    }

    function show(answer) {
        for (const place of places) count(place, answer);
        document.title = answer.waiting ? `(${answer.shown}) ${title}` : title;
    }

    function made(text) {
        const badge = document.createElement('span');
        badge.className = 'count';
        badge.textContent = text;
        return badge;
    }

    async function ask() {
        if (document.visibilityState !== 'visible') return;
        const answer = await fetch(places[0].dataset.count, {headers: {Accept: 'application/json'}}).catch(() => null);
        if (answer?.ok) show(await answer.json());
    }

    // A list that is watched: what the server shows now takes its place, unless somebody is busy in it.
    async function refresh(list) {
        if (document.visibilityState !== 'visible' || list.contains(document.activeElement)) return;
        const answer = await fetch(location.href).catch(() => null);
        if (!answer?.ok) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-live]');
        if (fresh) list.replaceChildren(...fresh.children);
    }
    for (const list of document.querySelectorAll('[data-live]')) {
        setInterval(() => refresh(list), Number(list.dataset.live) * 1_000);
    }

    if (places.length) setInterval(ask, ASKED_EVERY);
    document.addEventListener('visibilitychange', () => { if (places.length) ask(); });
}
