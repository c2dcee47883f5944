package dev.shiplog.api.access;

import dev.shiplog.topics.journal.UserInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * An authenticator that is made from a file, and made anew when the file changes. A file that
 * cannot be read leaves what was known in force, and says so in the log.
 *
 * <p>{@link #look} is called from time to time, by one thread; all else by any.
 */
public final class Reloading implements Authenticator {

  private static final Logger LOG = Logger.getLogger(Reloading.class);

  /** Makes an authenticator of a file. */
  @FunctionalInterface
  public interface Reader {
    Authenticator read(Path file) throws IOException;
  }

  private final Path file;
  private final Reader reader;
  private volatile Authenticator known;
  private FileTime modified;

  /**
   * Reads the file.
   *
   * @throws IOException if it cannot be read this first time
   */
  public Reloading(Path file, Reader reader) throws IOException {
    this.file = file;
    this.reader = reader;
    this.modified = Files.getLastModifiedTime(file);
    this.known = reader.read(file);
  }

  @Override
  public Optional<UserInfo> authenticate(Credentials credentials) {
    return known.authenticate(credentials);
  }

  /** Reads the file again if it has changed. */
  public void look() {
    try {
      FileTime now = Files.getLastModifiedTime(file);
      if (!now.equals(modified)) {
        known = reader.read(file);
        modified = now;
        LOG.infof("read %s again", file);
      }
    } catch (IOException e) {
      LOG.warnf("%s has changed but cannot be read; what it said before stays: %s", file, e);
    }
  }
}
