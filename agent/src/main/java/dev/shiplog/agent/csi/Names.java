package dev.shiplog.agent.csi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names that are derived from others, the same way everywhere in Kubernetes. */
final class Names {

  private Names() {}

  /** What the VolumeAttachment of a volume to a node is called. */
  static String attachment(String handle, String driver, String node) {
    return hashed(handle + driver + node);
  }

  static String hashed(String text) {
    return "csi-" + sha256(text);
  }

  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
