package dev.shiplog.api.runtime;

import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.seal.Keyring;
import dev.shiplog.topics.seal.Sealing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** What is sealed before it reaches any topic, as the configuration says. */
public final class SealingChoice {

  private static final String SECRETS = "secrets";

  private SealingChoice() {}

  static Sealing of(ApiConfig config, ResourceCatalogue builtIn) throws IOException {
    return of(config.encryptionKeyFile(), Set.copyOf(config.encryptedResources()), builtIn);
  }

  /**
   * Reads the keys.
   *
   * @throws IllegalArgumentException if the key file is of no use, or something must not be sealed
   */
  public static Sealing of(
      Optional<Path> keyFile, Collection<String> resources, ResourceCatalogue builtIn)
      throws IOException {
    if (keyFile.isEmpty()) {
      return Sealing.NONE;
    }
    resources.forEach(resource -> requireSealable(resource, builtIn));
    return Sealing.with(Keyring.read(keyFile.get()), Set.copyOf(resources));
  }

  private static void requireSealable(String resource, ResourceCatalogue builtIn) {
    boolean isBuiltIn =
        builtIn.all().stream()
            .map(ResourceType::storage)
            .flatMap(Optional::stream)
            .map(StorageResource::qualifiedName)
            .anyMatch(resource::equals);
    if (isBuiltIn && !resource.equals(SECRETS)) {
      throw new IllegalArgumentException(
          resource
              + " cannot be encrypted: controllers and nodes read them from their topic; secrets"
              + " and custom resources can");
    }
  }
}
