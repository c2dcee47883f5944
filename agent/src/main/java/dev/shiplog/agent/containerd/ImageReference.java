package dev.shiplog.agent.containerd;

import dev.shiplog.agent.runtime.RuntimeRefusedException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an image as users write it, completed: {@code busybox} is {@code
 * docker.io/library/busybox:latest}. containerd completes names as well, but answers a text that is
 * none with "no such image", which would be pulled for.
 */
public final class ImageReference {

  private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "(?:(?<host>(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
              + "(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[0-9a-fA-F:]+])"
              + "(?::[0-9]+)?)/)??"
              + "(?<path>"
              + PART
              + "(?:/"
              + PART
              + ")*)"
              + "(?::(?<tag>\\w[\\w.-]{0,127}))?"
              + "(?:@(?<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?");
  private static final int MAX_NAME_LENGTH = 255;

  private ImageReference() {}

  /**
   * The full name.
   *
   * @throws RuntimeRefusedException with reason InvalidImageName if the text is no image reference
   */
  public static String complete(String reference) {
    int slash = reference.indexOf('/');
    boolean hasHost = slash > 0 && isHost(reference.substring(0, slash));
    String path = hasHost || slash > 0 ? reference : "library/" + reference;
    String full = hasHost ? reference : "docker.io/" + path;
    Matcher parts = GRAMMAR.matcher(full);
    if (!parts.matches() || parts.group("path").length() > MAX_NAME_LENGTH) {
      throw new RuntimeRefusedException(
          "InvalidImageName", "\"" + reference + "\" is not a valid image reference", null);
    }
    boolean pinned = parts.group("tag") != null || parts.group("digest") != null;
    return pinned ? full : full + ":latest";
  }

  /** Without a dot, a port or capitals the first part is a folder on Docker Hub. */
  private static boolean isHost(String first) {
    return first.equals("localhost")
        || first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || !first.equals(first.toLowerCase(Locale.ROOT));
  }
}
