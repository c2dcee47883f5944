package dev.shiplog.agent.runtime;

/**
 * How full a file system is, or a part of one.
 *
 * @param availableBytes what may still be written
 * @param capacityBytes of the whole file system
 * @param usedBytes by what this is about
 * @param inodes of the whole file system
 * @param inodesFree of the whole file system
 * @param inodesUsed by what this is about
 */
public record FsStats(
    long availableBytes,
    long capacityBytes,
    long usedBytes,
    long inodes,
    long inodesFree,
    long inodesUsed) {

  /** The same file system, of which this is about what a directory holds. */
  public FsStats of(long bytes, long files) {
    return new FsStats(availableBytes, capacityBytes, bytes, inodes, inodesFree, files);
  }
}
