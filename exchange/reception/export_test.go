package reception

// TakenName is how tests name what a process that was killed had taken.
var TakenName = (*Vault).takenName
