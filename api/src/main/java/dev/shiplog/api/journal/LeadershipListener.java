package dev.shiplog.api.journal;

/**
 * Told when this server becomes the leader and when it no longer is. Called on the journal's own
 * thread, in order, after the entry that says so was applied: hand over, never block.
 */
public interface LeadershipListener {

  /**
   * This server decides from here on.
   *
   * @param epoch the epoch it claimed; greater than that of any earlier call
   */
  void becameLeader(long epoch);

  /**
   * Another server claimed a newer epoch: whatever this one still does as the leader is in vain.
   * Not called when the leader renews its own claim; that is another {@link #becameLeader}.
   */
  void lostLeadership();
}
