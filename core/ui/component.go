package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Every component that holds nothing draws itself, so that a page writes
// @ui.Field{…} and a view struct may hold a []templ.Component.
var _ = []templ.Component{
	Notice{}, Alert{}, Button{}, ButtonLink{}, PrintButton{}, PostButton{}, Field{}, PasswordField{}, TextArea{}, Select{},
	Checkbox{}, Choices{}, Hidden{}, Search{}, Heading{}, Greeting{}, Breadcrumb{},
	Tile{}, Task{}, Finding{}, Empty{}, Tag{}, Figure{}, Avatar{}, PersonLine{}, Face{}, ChildCard{}, Table{},
	Facts{}, Filters{}, Pages{}, Steps{}, Progress{}, Slip{}, Codes{}, ErrorPage{}, Text(""), Wording(""), Unbroken(""), Number(0), Anchor{}, Tags{}, Contact{}, Box{}, Peer{}, Pad{}, Sign{}, Secret{}, FeedLine{}, Photo{}, Attachment{}, Recorder{}, Story{}, DateLine{}, RichField{}, Rich{}, Rank{}, ListenButton{}, Mark{}, Readers{}, Reply{}, Replied{}, Sends{},
}

func (c Reply) Render(ctx context.Context, w io.Writer) error   { return reply(c).Render(ctx, w) }
func (c Replied) Render(ctx context.Context, w io.Writer) error { return replied(c).Render(ctx, w) }
func (c Readers) Render(ctx context.Context, w io.Writer) error { return readers(c).Render(ctx, w) }
func (c Notice) Render(ctx context.Context, w io.Writer) error  { return notice(c).Render(ctx, w) }
func (c Alert) Render(ctx context.Context, w io.Writer) error   { return alert(c).Render(ctx, w) }
func (c Button) Render(ctx context.Context, w io.Writer) error  { return button(c).Render(ctx, w) }
func (c ButtonLink) Render(ctx context.Context, w io.Writer) error {
	return buttonLink(c).Render(ctx, w)
}
func (c PrintButton) Render(ctx context.Context, w io.Writer) error {
	return printButton(c).Render(ctx, w)
}
func (c PostButton) Render(ctx context.Context, w io.Writer) error {
	return postButton(c).Render(ctx, w)
}
func (c Field) Render(ctx context.Context, w io.Writer) error     { return field(c).Render(ctx, w) }
func (c FileField) Render(ctx context.Context, w io.Writer) error { return fileField(c).Render(ctx, w) }
func (c PasswordField) Render(ctx context.Context, w io.Writer) error {
	return passwordField(c).Render(ctx, w)
}
func (c TextArea) Render(ctx context.Context, w io.Writer) error  { return textArea(c).Render(ctx, w) }
func (c RichField) Render(ctx context.Context, w io.Writer) error { return richField(c).Render(ctx, w) }
func (c Rich) Render(ctx context.Context, w io.Writer) error      { return richText(c).Render(ctx, w) }
func (c Select) Render(ctx context.Context, w io.Writer) error    { return selectField(c).Render(ctx, w) }
func (c Checkbox) Render(ctx context.Context, w io.Writer) error  { return checkbox(c).Render(ctx, w) }
func (c Choices) Render(ctx context.Context, w io.Writer) error   { return choices(c).Render(ctx, w) }
func (c Hidden) Render(ctx context.Context, w io.Writer) error    { return hidden(c).Render(ctx, w) }
func (c Search) Render(ctx context.Context, w io.Writer) error    { return search(c).Render(ctx, w) }
func (c Heading) Render(ctx context.Context, w io.Writer) error   { return heading(c).Render(ctx, w) }
func (c Greeting) Render(ctx context.Context, w io.Writer) error  { return greeting(c).Render(ctx, w) }
func (c Breadcrumb) Render(ctx context.Context, w io.Writer) error {
	return breadcrumb(c).Render(ctx, w)
}
func (c Tile) Render(ctx context.Context, w io.Writer) error    { return tile(c).Render(ctx, w) }
func (c Task) Render(ctx context.Context, w io.Writer) error    { return task(c).Render(ctx, w) }
func (c Finding) Render(ctx context.Context, w io.Writer) error { return finding(c).Render(ctx, w) }
func (c Empty) Render(ctx context.Context, w io.Writer) error   { return empty(c).Render(ctx, w) }
func (c Tag) Render(ctx context.Context, w io.Writer) error     { return tag(c).Render(ctx, w) }
func (c Tags) Render(ctx context.Context, w io.Writer) error    { return tags(c).Render(ctx, w) }
func (c Figure) Render(ctx context.Context, w io.Writer) error  { return figure(c).Render(ctx, w) }
func (c Avatar) Render(ctx context.Context, w io.Writer) error  { return avatar(c).Render(ctx, w) }
func (c PersonLine) Render(ctx context.Context, w io.Writer) error {
	return personLine(c).Render(ctx, w)
}
func (c Face) Render(ctx context.Context, w io.Writer) error      { return face(c).Render(ctx, w) }
func (c ChildCard) Render(ctx context.Context, w io.Writer) error { return childCard(c).Render(ctx, w) }
func (c Table) Render(ctx context.Context, w io.Writer) error     { return table(c).Render(ctx, w) }
func (c Facts) Render(ctx context.Context, w io.Writer) error     { return facts(c).Render(ctx, w) }
func (c Photo) Render(ctx context.Context, w io.Writer) error     { return photo(c).Render(ctx, w) }
func (c Recorder) Render(ctx context.Context, w io.Writer) error  { return recorder(c).Render(ctx, w) }
func (c Attachment) Render(ctx context.Context, w io.Writer) error {
	return attachment(c).Render(ctx, w)
}
func (c FeedLine) Render(ctx context.Context, w io.Writer) error  { return feedLine(c).Render(ctx, w) }
func (c Filters) Render(ctx context.Context, w io.Writer) error   { return filters(c).Render(ctx, w) }
func (c Pages) Render(ctx context.Context, w io.Writer) error     { return pages(c).Render(ctx, w) }
func (c Steps) Render(ctx context.Context, w io.Writer) error     { return steps(c).Render(ctx, w) }
func (c Progress) Render(ctx context.Context, w io.Writer) error  { return progress(c).Render(ctx, w) }
func (c Slip) Render(ctx context.Context, w io.Writer) error      { return slip(c).Render(ctx, w) }
func (c Codes) Render(ctx context.Context, w io.Writer) error     { return codes(c).Render(ctx, w) }
func (c ErrorPage) Render(ctx context.Context, w io.Writer) error { return errorPage(c).Render(ctx, w) }
func (c Text) Render(ctx context.Context, w io.Writer) error      { return text(c).Render(ctx, w) }
func (c Wording) Render(ctx context.Context, w io.Writer) error   { return wording(c).Render(ctx, w) }
func (c Unbroken) Render(ctx context.Context, w io.Writer) error  { return unbroken(c).Render(ctx, w) }
func (c Number) Render(ctx context.Context, w io.Writer) error    { return number(c).Render(ctx, w) }
func (c Anchor) Render(ctx context.Context, w io.Writer) error    { return anchor(c).Render(ctx, w) }
func (c Contact) Render(ctx context.Context, w io.Writer) error   { return contact(c).Render(ctx, w) }
func (c Box) Render(ctx context.Context, w io.Writer) error       { return box().Render(ctx, w) }
func (c Peer) Render(ctx context.Context, w io.Writer) error      { return peer(c).Render(ctx, w) }
func (c Pad) Render(ctx context.Context, w io.Writer) error       { return pad(c).Render(ctx, w) }
func (c Sign) Render(ctx context.Context, w io.Writer) error      { return sign(c).Render(ctx, w) }
func (c Mark) Render(ctx context.Context, w io.Writer) error      { return markLine(c).Render(ctx, w) }
func (c ListenButton) Render(ctx context.Context, w io.Writer) error {
	return listenButton().Render(ctx, w)
}
func (c Rank) Render(ctx context.Context, w io.Writer) error     { return rank(c).Render(ctx, w) }
func (c Secret) Render(ctx context.Context, w io.Writer) error   { return secret(c).Render(ctx, w) }
func (c Story) Render(ctx context.Context, w io.Writer) error    { return story(c).Render(ctx, w) }
func (c Kept) Render(ctx context.Context, w io.Writer) error     { return kept(c).Render(ctx, w) }
func (c Gauge) Render(ctx context.Context, w io.Writer) error    { return gauge(c).Render(ctx, w) }
func (c Sends) Render(ctx context.Context, w io.Writer) error    { return sends(c).Render(ctx, w) }
func (c Player) Render(ctx context.Context, w io.Writer) error   { return player(c).Render(ctx, w) }
func (c Plain) Render(ctx context.Context, w io.Writer) error    { return plain(c).Render(ctx, w) }
func (c DateLine) Render(ctx context.Context, w io.Writer) error { return dateLine(c).Render(ctx, w) }
