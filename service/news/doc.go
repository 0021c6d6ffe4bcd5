// Package news is what is new in a school and in its commune: items with photos, and an
// event where there is one, that a head, a teacher or the commune writes for families, for
// pupils and for the team. A school whose head wants it has a page that anybody reads,
// with what its authors choose to put there.
//
// It owns the tables news_item, what is told, news_photo and news_file, what it carries, and
// news_page, the schools that have a public page. To whom an item is addressed, and who has read it, is
// core/audience's.
package news
