package dev.shiplog.topics.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of a key file. Each line is a name, a blank, and 32 bytes in base64; empty lines and
 * those that begin with # say nothing. The first key seals; every key opens. Immutable; any thread.
 */
public final class Keyring {

  private static final int KEY_BYTES = 32;
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Map<String, SecretKey> keys;

  private Keyring(Map<String, SecretKey> keys) {
    this.keys = keys;
  }

  /**
   * Reads a key file.
   *
   * @throws IllegalArgumentException if it holds no keys, or somebody else may read it; the message
   *     says where and never what
   */
  public static Keyring read(Path file) throws IOException {
    if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
      throw new IllegalArgumentException(
          "others may read or write the key file " + file + ": take that away with 'chmod 600'");
    }
    return parse(file.toString(), Files.readAllLines(file));
  }

  static Keyring parse(String file, List<String> lines) {
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        add(line, keys, file + ":" + (i + 1));
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("the key file " + file + " holds no key");
    }
    return new Keyring(keys);
  }

  private static void add(String line, Map<String, SecretKey> keys, String place) {
    String[] parts = line.split("\\s+");
    if (parts.length != 2 || !NAME.matcher(parts[0]).matches()) {
      throw new IllegalArgumentException(
          place + ": a line is NAME KEY; a name has lower-case letters, digits and dashes");
    }
    byte[] key = decoded(parts[1], place);
    if (keys.put(parts[0], new SecretKeySpec(key, "AES")) != null) {
      throw new IllegalArgumentException(place + ": there are two keys named " + parts[0]);
    }
  }

  private static byte[] decoded(String text, String place) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": the key is not base64", null);
    }
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          place + ": the key has " + key.length + " bytes, but must have " + KEY_BYTES);
    }
    return key;
  }

  /** A line for a key file with a new key. */
  public static String newLine(String name, SecureRandom random) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\"" + name + "\" cannot name a key: it may have lower-case letters, digits and dashes");
    }
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return name + " " + Base64.getEncoder().encodeToString(key);
  }

  /** Name of the key that seals. */
  public String sealingName() {
    return keys.keySet().iterator().next();
  }

  public Set<String> names() {
    return Set.copyOf(keys.keySet());
  }

  SecretKey sealing() {
    return keys.get(sealingName());
  }

  Optional<SecretKey> named(String name) {
    return Optional.ofNullable(keys.get(name));
  }
}
