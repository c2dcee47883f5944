package dev.shiplog.agent.runtime;

import java.util.List;
import java.util.OptionalLong;

/**
 * An image on the node.
 *
 * @param id what {@link ContainerSpec#imageId} wants, for example {@code sha256:…}
 * @param tags its full names with tags
 * @param digests its full names with digests
 * @param sizeBytes size on the node
 * @param user numeric user it runs as, if its configuration names one
 * @param userName user name it runs as, if its configuration names one by name, or empty
 * @param pinned whether it must not be removed (the sandbox's own image)
 */
public record ImageInfo(
    String id,
    List<String> tags,
    List<String> digests,
    long sizeBytes,
    OptionalLong user,
    String userName,
    boolean pinned) {

  public ImageInfo {
    tags = List.copyOf(tags);
    digests = List.copyOf(digests);
  }

  /** The same, which must not be removed. */
  public ImageInfo kept() {
    return new ImageInfo(id, tags, digests, sizeBytes, user, userName, true);
  }

  /** What container statuses show as imageID: the digest where there is one. */
  public String reference() {
    return digests.isEmpty() ? id : digests.getFirst();
  }
}
