package dev.shiplog.topics.seal;

import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.SealedValue;
import java.util.Optional;
import java.util.Set;

/**
 * Seals and opens the values of some resources. Any thread.
 *
 * <p>A value is sealed where a change is decided, and stays so in the journal and in everything
 * that is projected from it. Whoever opens it needs the key it was sealed with.
 */
public final class Sealing {

  /** Seals nothing and has no key. */
  public static final Sealing NONE = new Sealing(null, Set.of());

  private final Envelope envelope;
  private final Set<String> resources;

  private Sealing(Envelope envelope, Set<String> resources) {
    this.envelope = envelope;
    this.resources = Set.copyOf(resources);
  }

  /**
   * Seals with the keys of a key file.
   *
   * @param resources which values to seal, each as {@code plural} or {@code plural.group}; what is
   *     sealed already is opened in any case
   */
  public static Sealing with(Keyring keys, Set<String> resources) {
    return new Sealing(new Envelope(keys), resources);
  }

  /** Whether values of this resource are to be sealed. */
  public boolean concerns(StorageResource resource) {
    return !resources.isEmpty() && resources.contains(resource.qualifiedName());
  }

  /** Seals a value, if it is to be. */
  public SealedValue seal(StorageResource resource, String key, byte[] json) {
    return concerns(resource)
        ? new SealedValue(SealedValue.ENVELOPE, envelope.seal(place(resource, key), json))
        : SealedValue.plain(json);
  }

  /**
   * The JSON of a value.
   *
   * @throws SealedException if its key is not at hand, or it was sealed for another object
   */
  public byte[] open(StorageResource resource, String key, SealedValue value) {
    if (value.seal() != SealedValue.ENVELOPE) {
      return value.open();
    }
    if (envelope == null) {
      throw SealedException.withoutKey(resource, key, Envelope.keyName(value.bytes()));
    }
    return envelope.open(resource, key, place(resource, key), value.bytes());
  }

  /** The JSON of one of a change's values. */
  public byte[] open(Change change, SealedValue value) {
    return open(change.resource(), change.key(), value);
  }

  /** Whether a value is sealed in another way than it would be now. */
  public boolean isStale(StorageResource resource, SealedValue value) {
    if (value.seal() != SealedValue.ENVELOPE) {
      return concerns(resource);
    }
    return !concerns(resource) || !Envelope.keyName(value.bytes()).equals(envelope.sealingName());
  }

  /** Name of the key that seals, if anything is sealed. */
  public Optional<String> sealingKey() {
    return envelope == null || resources.isEmpty()
        ? Optional.empty()
        : Optional.of(envelope.sealingName());
  }

  /** What a sealed value is good for: it cannot be taken for another object's. */
  private static String place(StorageResource resource, String key) {
    return resource.name() + "/" + key;
  }
}
