package dev.shiplog.standalone.cli;

import dev.shiplog.api.runtime.SealingChoice;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.topics.seal.Sealing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is encrypted before it reaches any topic. */
final class EncryptionOptions {

  @Option(
      names = "--encryption-key-file",
      paramLabel = "FILE",
      description = {
        "Encrypt values in every topic with the first key of this file; all its keys decrypt.",
        "'./shiplog keys new FILE NAME' makes a key."
      })
  private Path keyFile;

  @Option(
      names = "--encrypt",
      split = ",",
      paramLabel = "RESOURCES",
      defaultValue = "secrets",
      description = {
        "Whose values: secrets, and custom resources as PLURAL.GROUP. Default: ${DEFAULT-VALUE}"
      })
  private List<String> resources;

  /** As settings of the API server; a key file that is of no use is noticed here. */
  Map<String, String> settings() {
    Sealing _ = sealing();
    Map<String, String> settings = new LinkedHashMap<>();
    if (keyFile != null) {
      settings.put("shiplog.api.encryption-key-file", keyFile.toAbsolutePath().toString());
      settings.put("shiplog.api.encrypted-resources", String.join(",", resources));
    }
    return settings;
  }

  /** The keys, ready for use. */
  Sealing sealing() {
    try {
      return SealingChoice.of(Optional.ofNullable(keyFile), resources, ResourceCatalogue.builtIn());
    } catch (IOException e) {
      throw new StartFailure("cannot read the key file " + keyFile);
    } catch (IllegalArgumentException e) {
      throw new StartFailure(e.getMessage());
    }
  }
}
