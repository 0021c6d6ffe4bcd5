// Package people is the directory for everyone: a search by name, class or
// school, the page of a person, the list of a class to print, the page of a
// school. It changes nothing.
//
// Who finds whom is the table of [Service.Rights], and nothing else: a list
// and a page ask the same gates. What one may not see looks like what does not
// exist.
//
//   - A pupil finds the pupils of their class, by first name and without the
//     family name, and its teachers.
//   - A guardian finds their children, and the staff, the classes and the
//     schools of these: never another child, never another family. A child
//     whose place a judge hides is a name without a class or a school; a child
//     to whom a judge takes all access is nobody.
//   - A teacher finds the staff and the classes of the school, and the pupils
//     and the names of their guardians in the classes that they have. Pupils of
//     other classes are not found: most schools are small enough to know
//     every child by sight, and no page is needed for that.
//   - A head finds everybody of the school, also guardians to whom a judge
//     takes access, marked: they may be at the door.
//   - An aide (ATSEM, AESH) finds the staff and the classes of the school, and
//     the pupils of the classes that are theirs. Other staff find no pupil.
//   - Agents of a commune and pilots find the schools of their area with the
//     heads' names; partners the schools alone; operators the schools and
//     their staff. None of them finds a pupil or a guardian.
//
// The contact details of families are shown to nobody; the mail that staff
// have at work is for the staff of the same school.
//
// The list of a class that leaves for a spreadsheet is journalled.
//
// It owns no table: all is read from directory. What a head does to the
// register is office/register's, to which pages lead whoever may open it.
package people
