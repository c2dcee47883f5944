package dev.shiplog.standalone;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why Shiplog cannot start, as one sentence for the person at the terminal; no bug. */
public class StartFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StartFailure(String sentence) {
    super(sentence, null, false, false);
  }

  /** The sentence in whatever a part threw at its start: that of its root cause. */
  public static StartFailure of(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && !(cause instanceof StartFailure)) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return cause instanceof StartFailure known ? known : new StartFailure(message);
  }

  /** What an I/O error means; its own message often is a bare path. */
  public static String describe(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case FileSystemException failed when failed.getReason() != null ->
          failed.getReason() + " (" + failed.getFile() + ")";
      default -> String.valueOf(e.getMessage());
    };
  }
}
