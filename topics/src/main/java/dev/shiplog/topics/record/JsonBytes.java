package dev.shiplog.topics.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds fields in the bytes of a JSON object and passes over all others without a parser. A parser
 * remembers every name it reads, to know it the next time; names that one object alone has, as the
 * IP address of a pod in its managedFields, cost it a copy of all it remembers.
 *
 * <p>For bytes that were written as JSON: of others fields are found or not, but nothing fails.
 */
public final class JsonBytes {

  private static final String METADATA = "metadata";
  private static final String MANAGED_FIELDS = "managedFields";

  private final byte[] json;
  private int at;

  /** Where the field that was entered last begins, with the comma before it if there is one. */
  private int fieldAt;

  private JsonBytes(byte[] json) {
    this.json = json;
  }

  /** A stored object without what says who set which fields; the same bytes if nothing does. */
  public static byte[] withoutManagedFields(byte[] object) {
    return without(object, METADATA, MANAGED_FIELDS);
  }

  /** The object without one of its fields; the same bytes if it has none of this name. */
  static byte[] without(byte[] object, String... path) {
    JsonBytes bytes = new JsonBytes(object);
    return bytes.find(path) ? bytes.withoutField() : object;
  }

  public static boolean has(byte[] object, String... path) {
    return new JsonBytes(object).find(path);
  }

  /** Where a value begins; -1 if there is none. */
  public static int startOf(byte[] object, String... path) {
    JsonBytes bytes = new JsonBytes(object);
    return bytes.find(path) ? bytes.at : -1;
  }

  /** The JSON of a value; empty if there is none. */
  public static Optional<String> json(byte[] object, String... path) {
    JsonBytes bytes = new JsonBytes(object);
    if (!bytes.find(path)) {
      return Optional.empty();
    }
    int start = bytes.at;
    bytes.skipValue();
    return Optional.of(new String(object, start, bytes.end() - start, StandardCharsets.UTF_8));
  }

  /** The text at a place; empty if there is none, or something else. */
  public static Optional<String> text(byte[] object, String... path) {
    JsonBytes bytes = new JsonBytes(object);
    if (!bytes.find(path) || bytes.current() != '"') {
      return Optional.empty();
    }
    int start = bytes.at;
    bytes.skipText();
    return Optional.of(decoded(Arrays.copyOfRange(object, start, bytes.at)));
  }

  private static String decoded(byte[] quoted) {
    String text = new String(quoted, 1, quoted.length - 2, StandardCharsets.UTF_8);
    return text.indexOf('\\') < 0 ? text : Json.read(quoted, String.class);
  }

  /** Moves to the value at the end of a path of names. */
  private boolean find(String... path) {
    for (String name : path) {
      if (!enter(name.getBytes(StandardCharsets.UTF_8))) {
        return false;
      }
    }
    return true;
  }

  /** Moves from the start of an object to the value of its field. */
  private boolean enter(byte[] name) {
    skipBlanks();
    if (current() != '{') {
      return false;
    }
    fieldAt = ++at;
    skipBlanks();
    while (current() == '"') {
      int start = at + 1;
      skipText();
      boolean found = at > start && Arrays.equals(json, start, at - 1, name, 0, name.length);
      skipBlanks();
      at++; // the colon
      skipBlanks();
      if (found) {
        return at < json.length;
      }
      skipValue();
      skipBlanks();
      if (current() != ',') {
        return false;
      }
      fieldAt = at++;
      skipBlanks();
    }
    return false;
  }

  private byte[] withoutField() {
    skipValue();
    skipBlanks();
    if (json[fieldAt] != ',' && current() == ',') {
      at++;
    }
    byte[] rest = new byte[fieldAt + Math.max(0, json.length - at)];
    System.arraycopy(json, 0, rest, 0, fieldAt);
    System.arraycopy(
        json, json.length - (rest.length - fieldAt), rest, fieldAt, rest.length - fieldAt);
    return rest;
  }

  private void skipValue() {
    int depth = 0;
    do {
      switch (current()) {
        case '"' -> {
          skipText();
          continue;
        }
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        case ',' -> {}
        default -> {
          skipWord();
          continue;
        }
      }
      at++;
    } while (depth > 0 && at < json.length);
  }

  /** Moves behind a number, a constant, a colon or blanks. */
  private void skipWord() {
    do {
      at++;
    } while (at < json.length && "\"{}[],".indexOf(json[at]) < 0);
  }

  /** Moves from a quotation mark behind the one that ends the text. */
  private void skipText() {
    at++;
    while (at < json.length && json[at] != '"') {
      at += json[at] == '\\' ? 2 : 1;
    }
    at = Math.min(at + 1, json.length);
  }

  private void skipBlanks() {
    while (at < json.length && json[at] <= ' ' && json[at] >= 0) {
      at++;
    }
  }

  private int end() {
    return Math.min(at, json.length);
  }

  /** The byte there; 0 behind the end. */
  private byte current() {
    return at < json.length ? json[at] : 0;
  }
}
