package dev.shiplog.api.schema;

/**
 * The parts of an image's name that defaults depend on.
 *
 * @param tag {@code latest} where neither tag nor digest is given; empty where only a digest is
 * @param digest empty for none
 */
public record ImageName(String repository, String tag, String digest) {

  /** Splits a name such as {@code registry:5000/team/app:1.2@sha256:…}. */
  public static ImageName parse(String name) {
    int at = name.indexOf('@');
    String digest = at < 0 ? "" : name.substring(at + 1);
    String rest = at < 0 ? name : name.substring(0, at);
    // A colon before the last slash belongs to the registry's port.
    int colon = rest.lastIndexOf(':');
    boolean tagged = colon > rest.lastIndexOf('/');
    String tag = tagged ? rest.substring(colon + 1) : digest.isEmpty() ? "latest" : "";
    return new ImageName(tagged ? rest.substring(0, colon) : rest, tag, digest);
  }
}
