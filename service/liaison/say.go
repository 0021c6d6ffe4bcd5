package liaison

import (
	"context"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/i18n"
	"preau/core/ui"
	"preau/core/web"
)

// inWords says an answer as people do.
func (w word) inWords(say i18n.Printer, answer string) string {
	if answer == "" || w.Asks == toChoose || w.Asks == toSay {
		return answer
	}
	return say.Say("liaison.answer-" + answer)
}

// saying says an answer that was given in words, aloud, or both.
func (w word) saying(say i18n.Printer, answer string, voice attach.Voice) string {
	if voice.None() {
		return w.inWords(say, answer)
	}
	return i18n.Dots(answer, say.Say("liaison.voice"))
}

// stateTag is how a guardian stands with a word, in one word.
func (w word) stateTag(ctx context.Context, g guardianState) ui.Tag {
	switch {
	case g.Paper:
		return ui.Tag{Label: i18n.Say(ctx, "liaison.on-paper", w.saying(i18n.From(ctx), g.Answer, g.Voice)), Kind: ui.Success}
	case !g.Done.IsZero():
		return ui.Tag{Label: w.saying(i18n.From(ctx), g.Answer, g.Voice), Kind: ui.Success}
	case !g.Read.IsZero():
		return ui.Tag{Label: i18n.Say(ctx, "liaison.state-read"), Kind: ui.Info}
	case !g.Joined:
		return ui.Tag{Label: i18n.Say(ctx, "liaison.state-not-joined"), Kind: ui.Warning}
	}
	return ui.Tag{Label: i18n.Say(ctx, "liaison.state-unread")}
}

// progress says for how many of some children a word was answered or, when it asks for
// no answer, read.
func (w word) progress(ctx context.Context, done, of int) string {
	key := "liaison.done-answer"
	switch w.Asks {
	case toRead:
		key = "liaison.done-read"
	case toSign:
		key = "liaison.done-sign"
	}
	return i18n.Say(ctx, key, done, of)
}

// eachOptions are who answers for a child.
func eachOptions(ctx context.Context, chosen string) []ui.Option {
	options := make([]ui.Option, 0, 2)
	for _, each := range []audience.Expects{audience.OneOfThem, audience.EachPerson} {
		options = append(options, ui.Option{
			Value: string(each), Label: i18n.Say(ctx, "liaison.each-"+string(each)), Hint: i18n.Say(ctx, "liaison.each-"+string(each)+"-hint"),
			Selected: chosen == string(each) || chosen == "" && each == audience.OneOfThem,
		})
	}
	return options
}

// asksOptions are what a word may ask, each with what is to be written besides.
func asksOptions(ctx context.Context, form web.Form) []ui.Option {
	options, chosen := make([]ui.Option, len(allAsks)), form.Value("asks")
	for i, one := range allAsks {
		options[i] = ui.Option{
			Value: string(one), Label: i18n.Say(ctx, "liaison.asks-"+string(one)),
			Selected: chosen == string(one) || chosen == "" && one == toRead,
		}
		if one == toChoose {
			options[i].More = ui.TextArea{
				Name: "choices", Label: i18n.Say(ctx, "liaison.choices"), Hint: i18n.Say(ctx, "liaison.choices-hint"), Rows: 3,
				Value: form.Value("choices"), Error: form.Error("choices"), Expected: true,
			}
		}
	}
	return options
}

func categoryOptions(ctx context.Context, chosen string) []ui.Option {
	options := make([]ui.Option, len(categories))
	for i, one := range categories {
		options[i] = ui.Option{Value: string(one.category), Label: i18n.Say(ctx, one.key()), Selected: chosen == string(one.category) || chosen == "" && i == 0}
	}
	return options
}
