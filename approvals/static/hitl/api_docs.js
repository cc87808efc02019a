'use strict';
// Swagger has a dark face of its own, by a class; it follows the theme that the reader chose in the header.
{
    const root = document.documentElement;
    const isDark = matchMedia('(prefers-color-scheme: dark)');

    function follow() {
        const theme = root.dataset.theme || 'auto';
        root.classList.toggle('dark-mode', theme === 'dark' || theme === 'auto' && isDark.matches);
    }

    follow();
    isDark.addEventListener('change', follow);
    new MutationObserver(follow).observe(root, {attributeFilter: ['data-theme']});
}
