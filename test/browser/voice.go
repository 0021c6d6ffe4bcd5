package browser

// Voice lends the page a voice that is on the device, beside one that is not, and
// remembers what is said: see [Page.Said].
func (p *Page) Voice() {
	p.t.Helper()
	p.Prepare(`
window.said = [];
Object.defineProperty(window, "SpeechSynthesisUtterance", {value: class { constructor(text) { this.text = text; } }});
Object.defineProperty(window, "speechSynthesis", {value: {
	speaking: false,
	getVoices: () => [{lang: "fr-FR", localService: false}, {lang: "fr-FR", localService: true}],
	cancel() {},
	speak(words) { window.said.push((words.voice.localService ? "" : "away: ") + words.text); },
	addEventListener() {},
}});`)
}

// Said is what the page has said aloud since it was opened; what a voice said that is not
// on the device begins with "away: ".
func (p *Page) Said() []string {
	p.t.Helper()
	return Value[[]string](p, "window.said")
}
