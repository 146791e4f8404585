package genericoauth

// PauseOfDiscovery is pause.
const PauseOfDiscovery = pause
