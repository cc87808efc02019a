'use strict';
// Django labels the signs of its two lists, and a sign without a role carries no label for a screen reader.
window.addEventListener('load', () => {
    for (const sign of document.querySelectorAll('.search-label-icon')) sign.setAttribute('role', 'img');
});
