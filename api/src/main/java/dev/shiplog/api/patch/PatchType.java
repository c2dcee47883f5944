package dev.shiplog.api.patch;

import java.util.Optional;

/** Kinds of patches, by the media type they come with. */
public enum PatchType {
  JSON("application/json-patch+json"),
  MERGE("application/merge-patch+json"),
  STRATEGIC_MERGE("application/strategic-merge-patch+json");

  private final String mediaType;

  PatchType(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }

  /** The kind of that media type, parameters aside. */
  public static Optional<PatchType> of(String mediaType) {
    String plain = mediaType.split(";", 2)[0].strip();
    for (PatchType type : values()) {
      if (type.mediaType.equals(plain)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
