// A page that the browser kept whole, and shows again when one goes back, is
// asked for anew: whoever left since may not read it.
addEventListener("pageshow", (event) => {
	if (event.persisted) location.reload();
});
