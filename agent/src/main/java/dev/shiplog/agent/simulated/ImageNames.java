package dev.shiplog.agent.simulated;

import dev.shiplog.agent.runtime.RuntimeRefusedException;
import java.util.regex.Pattern;

/** Image references, as far as two of them must be known to name one image. */
final class ImageNames {

  private static final String DEFAULT_REGISTRY = "docker.io/";
  private static final Pattern REFERENCE =
      Pattern.compile(
          "[A-Za-z0-9][A-Za-z0-9.:-]*(/[a-z0-9._-]+)*(:[\\w][\\w.-]{0,127})?(@[a-z0-9]+:[0-9a-f]+)?");

  private ImageNames() {}

  /**
   * The reference with registry and tag.
   *
   * @throws RuntimeRefusedException if it is none
   */
  static String full(String reference) {
    if (!REFERENCE.matcher(reference).matches()) {
      throw new RuntimeRefusedException(
          "InvalidImageName", "couldn't parse image name \"" + reference + "\"", null);
    }
    String tagged = hasTag(reference) ? reference : reference + ":latest";
    String first = tagged.split("/", 2)[0];
    boolean hasRegistry =
        tagged.contains("/")
            && (first.contains(".") || first.contains(":") || first.equals("localhost"));
    if (hasRegistry) {
      return tagged;
    }
    return DEFAULT_REGISTRY + (tagged.contains("/") ? "" : "library/") + tagged;
  }

  private static boolean hasTag(String reference) {
    return reference.contains("@") || reference.lastIndexOf(':') > reference.lastIndexOf('/');
  }
}
