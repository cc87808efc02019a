'use strict';
// The decision page: what must be opened counts as opened once it was, and Ctrl+Enter sends the form that is edited.
{
    for (const details of document.querySelectorAll('details.must-open')) {
        details.addEventListener('toggle', () => {
            const box = document.getElementById(details.dataset.opens);
            if (details.open && box && !('opened' in details.dataset)) box.checked = true;
        });
    }

    const form = document.getElementById('edit');
    if (form) {
        const first = form.querySelector('.is-marked :is(input:not([type=hidden]), textarea, select)')
            || form.querySelector('input:not([type=hidden]), textarea, select');
        first?.focus();
        form.addEventListener('keydown', (event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
        });
    }
    document.querySelector('[data-start]')?.focus();

    // The bar's folded parts: what asks to be filled in is unfolded, and what is left folds again.
    const bar = document.querySelector('.verdict-bar');
    const unfold = (field) => {
        const folded = field.closest('details');
        if (folded) folded.open = true;
    };
    bar?.addEventListener('invalid', (event) => unfold(event.target), true);
    // Where a rejection needs a reason, the first press leads to its field, and Ctrl+Enter from there rejects.
    for (const button of bar?.querySelectorAll('[data-needs]') ?? []) {
        const needed = document.getElementById(button.dataset.needs);
        button.addEventListener('click', (event) => {
            if (!needed || needed.value.trim()) return;
            event.preventDefault();
            unfold(needed);
            needed.focus({preventScroll: true});
        });
        needed?.addEventListener('keydown', (event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) button.click();
        });
    }
    for (const pop of document.querySelectorAll('details.pop')) {
        const fold = () => { pop.open = false; };
        pop.addEventListener('focusout', (event) => {
            if (event.relatedTarget && !pop.contains(event.relatedTarget)) fold();
        });
        document.addEventListener('click', (event) => { if (!pop.contains(event.target)) fold(); });
        pop.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && pop.open) {
                fold();
                pop.querySelector('summary').focus();
            }
            const isSent = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
            if (isSent && event.target.matches('textarea')) event.target.form.requestSubmit();
        });
    }

    // An action is claimed while its page is visible; without this script it is not.
    const claim = document.getElementById('claim');
    if (claim) {
        const RENEWED_EVERY = 100_000;
        let isSent = false;
        const send = (address) => fetch(address, {
            method: 'POST', body: new FormData(claim), headers: {Accept: 'application/json'}, keepalive: true,
        });
        const take = async () => {
            if (document.visibilityState !== 'visible' || isSent) return;
            const answer = await send(claim.action).catch(() => null);
            document.getElementById('claimed-since').hidden = answer?.status !== 409;
        };
        take();
        setInterval(take, RENEWED_EVERY);
        document.addEventListener('visibilitychange', take);
        document.addEventListener('submit', (event) => { isSent ||= event.target.method !== 'dialog'; });
        // What was sent decides; what is merely left is given out of hand for the next.
        window.addEventListener('pagehide', () => { if (!isSent) send(claim.dataset.release); });
    }

    // Keep a typed reason when the person leaves the page to comment, edit, or sign in again.
    const nameOf = (id) => `reason:${document.querySelector('#user-tools .who')?.textContent.trim()}:${id}`;
    const decided = new URLSearchParams(location.search).get('done');
    if (decided) sessionStorage.removeItem(nameOf(decided));
    const reason = document.querySelector('#decide #rationale, #edit input[name=rationale]');
    if (reason) {
        const name = nameOf(/action\/([^/]+)\//.exec(reason.form.action)[1]);
        const kept = reason.value ? '' : sessionStorage.getItem(name) || '';
        if (kept) {
            reason.value = kept;
            unfold(reason);
        }
        window.addEventListener('pagehide', () => {
            if (reason.value) sessionStorage.setItem(name, reason.value);
            else sessionStorage.removeItem(name);
        });
    }
}
