'use strict';
// Copies a text, and tells when the first call has arrived; without this file one selects the text and reloads.
{
    const ASKED_EVERY = 3_000;

    for (const button of document.querySelectorAll('[data-copy]')) {
        button.hidden = !navigator.clipboard;
        button.addEventListener('click', async () => {
            const source = document.getElementById(button.dataset.copy);
            await navigator.clipboard.writeText(source.value ?? source.textContent);
            button.nextElementSibling.textContent = button.dataset.done;
        });
    }

    const place = document.querySelector('[data-arrived]');
    async function look() {
        if (document.hidden) return;
        const answer = await fetch(place.dataset.arrived, {headers: {Accept: 'application/json'}});
        if (!answer.ok) return;
        const found = await answer.json();
        if (!found.has_come) return;
        clearInterval(timer);
        place.querySelector('[data-waiting]').hidden = true;
        const come = place.querySelector('[data-come]');
        come.hidden = false;
        const link = come.querySelector('a');
        if (found.address) link.href = found.address;
        else link.remove();
    }
    const timer = place ? setInterval(() => look().catch(() => {}), ASKED_EVERY) : 0;
}
