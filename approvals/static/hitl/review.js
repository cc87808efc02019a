'use strict';
// The decision page: what must be opened counts as opened once it was, and Ctrl+Enter sends the form that is edited.
{
    for (const details of document.querySelectorAll('details.must-open')) {
        details.addEventListener('toggle', () => {
            const box = document.getElementById(details.dataset.opens);
            if (details.open && box) box.checked = true;
        });
    }

    const form = document.getElementById('edit');
    if (form) {
        const first = form.querySelector('.is-marked input[type=text], .is-marked textarea, .is-marked select')
            || form.querySelector('input[type=text], textarea, select');
        first?.focus();
        form.addEventListener('keydown', (event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
        });
    }
    document.querySelector('[data-start]')?.focus();
}
