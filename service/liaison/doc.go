// Package liaison is the carnet de liaison: the words that a school writes to
// families, to be read, signed or answered. A teacher writes to a class, to one of its
// levels or to some of its families, a head to the whole school; each parent reads and
// answers from their own account, for each of their children, and whoever wrote sees at
// a glance who has.
//
// It owns the tables liaison_word, what a word says, liaison_class, for which classes it is
// where they are several, liaison_photo and liaison_file, what it carries, liaison_answer, who
// answered what, in words or aloud, liaison_former, what they had answered before they changed it, liaison_paper, what came
// back on paper (talons that are printed for whoever is not online, and read again on a
// photograph: slip.go, take.go), and liaison_note, what families tell the school. To whom a
// word is addressed, and who has read or done what it expects, is core/audience's.
package liaison
