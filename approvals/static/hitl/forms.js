'use strict';
window.addEventListener('load', () => {
    // Django labels the signs of its two lists, and a sign without a role carries no label for a screen reader.
    for (const sign of document.querySelectorAll('.search-label-icon')) sign.setAttribute('role', 'img');
    // A table that scrolls and has nothing to step to is reached by the keyboard itself.
    for (const table of document.querySelectorAll('.tabular')) {
        const heading = table.querySelector('h2');
        const steps = [...table.querySelectorAll('a, select, textarea, input')];
        if (!heading || steps.some((step) => step.checkVisibility())) continue;
        table.tabIndex = 0;
        table.setAttribute('role', 'region');
        table.setAttribute('aria-labelledby', heading.id);
    }
});
