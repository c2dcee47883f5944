package dev.shiplog.api.access;

import dev.shiplog.topics.journal.UserInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Knows senders by a bearer token from a file with lines {@code token,user,uid,"group1,group2"}, as
 * Kubernetes has it; uid and groups may be missing. The file is read once. Tokens are kept and
 * compared as digests, so neither memory nor timing tells one.
 */
public final class TokenFile implements Authenticator {

  private final Map<ByteBuffer, UserInfo> users;

  private TokenFile(Map<ByteBuffer, UserInfo> users) {
    this.users = users;
  }

  /**
   * Reads the file.
   *
   * @throws IOException if it cannot be read, or a line is not of the form
   */
  public static TokenFile read(Path file) throws IOException {
    Map<ByteBuffer, UserInfo> users = new HashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.strip().split(",", 4);
        if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
          throw new IOException(file + ":" + number + " is not token,user,uid,\"group1,group2\"");
        }
        users.put(digest(parts[0]), user(parts));
      }
    }
    return new TokenFile(users);
  }

  @Override
  public Optional<UserInfo> authenticate(Credentials credentials) {
    return credentials.bearerToken().map(token -> users.get(digest(token)));
  }

  private static UserInfo user(String[] parts) {
    String groups = parts.length < 4 ? "" : parts[3].strip().replaceAll("^\"|\"$", "");
    return new UserInfo(
        parts[1],
        parts.length < 3 ? "" : parts[2],
        groups.isEmpty() ? List.of() : List.of(groups.split("\\s*,\\s*")),
        Map.of());
  }

  private static ByteBuffer digest(String token) {
    try {
      return ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
