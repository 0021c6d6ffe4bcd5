package village

// The jointures, "decimal integer, unique per académie and per degree". Each
// school has its own run of each kind of number, so that a school's people
// can be numbered without knowing the schools before it, and so that records
// are sorted over the whole delivery.
const (
	rectoratID             = 2
	firstCirconscriptionID = 101
	firstSchoolID          = 401

	firstStaffID    = 100_000
	staffPerSchool  = 200
	firstClassID    = 100_000 // classes and groups, which are no persons
	classPerSchool  = 100
	firstPupilID    = 1_000_000
	pupilsPerSchool = 2_000
	firstGuardianID = 10_000_000
	guardsPerSchool = 3_000

	// nobodyID is a jointure that no record bears.
	nobodyID = 99_999_999
)

// MaxSchools is the largest delivery: somewhat more than the largest académie
// of France has.
const MaxSchools = 4_000

// numbers hands out the jointures of one school, in increasing order.
type numbers struct {
	staff, class, pupil, guardian run
}

func numbersOf(schoolRank int) numbers {
	return numbers{
		staff:    runOf(firstStaffID, staffPerSchool, schoolRank),
		class:    runOf(firstClassID, classPerSchool, schoolRank),
		pupil:    runOf(firstPupilID, pupilsPerSchool, schoolRank),
		guardian: runOf(firstGuardianID, guardsPerSchool, schoolRank),
	}
}

// run is a run of numbers of which some are taken.
type run struct{ next, end int64 }

func runOf(first, length int64, rank int) run {
	start := first + length*int64(rank)
	return run{next: start, end: start + length}
}

// take gives the next number. It panics at the end of the run: [left] says
// beforehand what remains.
func (r *run) take() int64 {
	if r.next == r.end {
		panic("village: a school has no number left")
	}
	r.next++
	return r.next - 1
}

func (r *run) left() int64 { return r.end - r.next }
