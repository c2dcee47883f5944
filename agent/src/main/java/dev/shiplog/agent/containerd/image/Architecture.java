package dev.shiplog.agent.containerd.image;

import java.util.Locale;

/** Processors that images are made for, by the names images use. */
public enum Architecture {
  AMD64,
  ARM64;

  /**
   * This machine's.
   *
   * @throws IllegalStateException if it is none of these
   */
  public static Architecture ofThisHost() {
    String name = System.getProperty("os.arch");
    return switch (name) {
      case "amd64", "x86_64" -> AMD64;
      case "aarch64", "arm64" -> ARM64;
      default -> throw new IllegalStateException("no images can be made for " + name);
    };
  }

  /** As an image's configuration says it. */
  public String imageName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
