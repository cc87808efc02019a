'use strict';
// An open menu closes at Escape, and where one clicks or goes elsewhere; without this file its button closes it.
{
    const menus = [...document.querySelectorAll('#header details')];

    function closeOthers(place) {
        for (const menu of menus) if (!menu.contains(place)) menu.open = false;
    }

    document.addEventListener('click', (event) => closeOthers(event.target));
    document.addEventListener('focusin', (event) => closeOthers(event.target));
    document.addEventListener('keydown', (event) => {
        const menu = menus.find((one) => one.open);
        if (event.key !== 'Escape' || !menu) return;
        menu.open = false;
        menu.querySelector('summary').focus();
    });
}
