package dev.shiplog.agent.nft;

/** The kernel's packet filter. Used by one thread; every call is bounded in time. */
public interface PacketFilter {

  /**
   * Carries a script out, as a whole or not at all.
   *
   * @throws PacketFilterException if the kernel refuses it, or it could not be carried out in time
   */
  void apply(String script);

  /** Whether there is such a table of family {@code ip}. */
  boolean hasTable(String name);
}
