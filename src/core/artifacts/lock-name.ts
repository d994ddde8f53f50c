/** The lock's name, beside the contract. Alone here, since asking for a file loads nothing that reads it. */
export const LOCK_FILE = "trainyard.lock";
