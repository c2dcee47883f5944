package dev.shiplog.topics.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sealed values keep from whom. */
class SealingTest {

  private static final StorageResource SECRETS = StorageResource.of("secrets", "");
  private static final StorageResource MAPS = StorageResource.of("configmaps", "");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String OLD = Keyring.newLine("old", RANDOM);
  private static final String NEW = Keyring.newLine("new", RANDOM);

  private static final byte[] SECRET =
      ("{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"s\",\"resourceVersion\":\"7\","
              + "\"annotations\":{\"last-applied\":\"canary\"},\"managedFields\":[{\"manager\":\"canary\"}]},"
              + "\"data\":{\"k\":\"canary\"}}")
          .getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;

  private static Sealing with(String... lines) {
    return Sealing.with(Keyring.parse("keys", List.of(lines)), Set.of("secrets"));
  }

  @Test
  void aSealedValueShowsMetadataAndOpensToTheSameBytes() {
    Sealing sealing = with(OLD);
    SealedValue sealed = sealing.seal(SECRETS, "default/s", SECRET);

    assertThat(new String(sealed.bytes(), StandardCharsets.UTF_8)).doesNotContain("canary");
    JsonNode shown = Json.read(sealed.bytes(), JsonNode.class);
    assertThat(shown.at("/metadata/name").asText()).isEqualTo("s");
    assertThat(shown.at("/metadata/resourceVersion").asText()).isEqualTo("7");
    assertThat(shown.at("/sealed/key").asText()).isEqualTo("old");
    assertThat(sealing.open(SECRETS, "default/s", sealed)).isEqualTo(SECRET);
  }

  @Test
  void onlyTheResourcesThatAreNamedAreSealed() {
    assertThat(with(OLD).seal(MAPS, "default/m", SECRET).seal()).isEqualTo(SealedValue.PLAIN);
  }

  @Test
  void equalValuesAreNotSealedEqually() {
    Sealing sealing = with(OLD);
    assertThat(sealing.seal(SECRETS, "default/s", SECRET).bytes())
        .isNotEqualTo(sealing.seal(SECRETS, "default/s", SECRET).bytes());
  }

  @Test
  void whatWasSealedForOneObjectDoesNotOpenAsAnother() {
    SealedValue sealed = with(OLD).seal(SECRETS, "default/s", SECRET);
    assertThatThrownBy(() -> with(OLD).open(SECRETS, "other/s", sealed))
        .isInstanceOf(SealedException.class)
        .hasMessageContaining("moved");
  }

  @Test
  void aChangedValueDoesNotOpen() {
    SealedValue sealed = with(OLD).seal(SECRETS, "default/s", SECRET);
    String text = new String(sealed.bytes(), StandardCharsets.UTF_8);
    int at = text.indexOf("\"data\":\"") + 30;
    String changed =
        text.substring(0, at) + (text.charAt(at) == 'A' ? 'B' : 'A') + text.substring(at + 1);
    SealedValue forged =
        new SealedValue(SealedValue.ENVELOPE, changed.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> with(OLD).open(SECRETS, "default/s", forged))
        .isInstanceOf(SealedException.class);
  }

  @Test
  void afterARotationTheFirstKeySealsAndEveryKeyOpens() {
    SealedValue before = with(OLD).seal(SECRETS, "default/s", SECRET);
    Sealing rotated = with(NEW, OLD);

    assertThat(rotated.open(SECRETS, "default/s", before)).isEqualTo(SECRET);
    assertThat(rotated.isStale(SECRETS, before)).isTrue();
    SealedValue after = rotated.seal(SECRETS, "default/s", SECRET);
    assertThat(rotated.isStale(SECRETS, after)).isFalse();
    assertThat(with(NEW).open(SECRETS, "default/s", after)).isEqualTo(SECRET);
  }

  @Test
  void whoHasNotTheKeyIsToldItsName() {
    SealedValue sealed = with(OLD).seal(SECRETS, "default/s", SECRET);

    assertThatThrownBy(() -> with(NEW).open(SECRETS, "default/s", sealed))
        .hasMessageContaining("\"old\"");
    assertThatThrownBy(() -> Sealing.NONE.open(SECRETS, "default/s", sealed))
        .hasMessageContaining("\"old\"");
  }

  @Test
  void whatWasNeverSealedIsReadAndCountsAsStale() {
    SealedValue plain = SealedValue.plain(SECRET);

    assertThat(with(OLD).open(SECRETS, "default/s", plain)).isEqualTo(SECRET);
    assertThat(with(OLD).isStale(SECRETS, plain)).isTrue();
    assertThat(Sealing.NONE.isStale(SECRETS, plain)).isFalse();
  }

  @Test
  void aKeyFileIsRefusedWithItsPlaceAndWithoutItsContents() throws IOException {
    assertThatThrownBy(() -> Keyring.parse("f", List.of("# none", "")))
        .hasMessageContaining("holds no key");
    assertThatThrownBy(() -> Keyring.parse("f", List.of(OLD, "Bad canary")))
        .hasMessageContaining("f:2")
        .hasMessageNotContaining("canary");
    assertThatThrownBy(() -> Keyring.parse("f", List.of("k c2hvcnQ=")))
        .hasMessageContaining("5 bytes");
    assertThatThrownBy(() -> Keyring.parse("f", List.of(OLD, OLD))).hasMessageContaining("two");

    Path file = directory.resolve("keys");
    Files.writeString(file, OLD);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> Keyring.read(file)).hasMessageContaining("chmod 600");
  }
}
