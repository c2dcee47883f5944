package dev.shiplog.nativecheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.nativecheck.trace.Reach;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrationsTest {

  @TempDir private Path sources;

  @BeforeEach
  void noArguments() throws IOException {
    Files.writeString(sources.resolve("native-image.args"), "-jar runner.jar");
  }

  private void jar(String name, String file, String content) throws IOException {
    try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(sources.resolve(name)))) {
      jar.putNextEntry(new ZipEntry("META-INF/native-image/group/artifact/" + file));
      jar.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Use use(Reach reach, String name, String member) {
    return new Use(reach, name, member, "some.Caller");
  }

  @Test
  void whatIsRegisteredMayBeUsedAndNothingElse() throws IOException {
    jar(
        "a.jar",
        "reflect-config.json",
        """
        [{"name":"a.All","allDeclaredMethods":true},
         {"name":"a.One","methods":[{"name":"open","parameterTypes":[]}]},
         {"name":"a.Seen","queryAllDeclaredMethods":true}]\
        """);
    Registrations registrations = Registrations.read(sources);

    assertThat(registrations.cover(use(Reach.CLASS, "a.Seen", ""))).isTrue();
    assertThat(registrations.cover(use(Reach.CLASS, "a.None", ""))).isFalse();
    assertThat(registrations.cover(use(Reach.INVOKE, "a.All", "any"))).isTrue();
    assertThat(registrations.cover(use(Reach.INVOKE, "a.One", "open"))).isTrue();
    assertThat(registrations.cover(use(Reach.INVOKE, "a.One", "close"))).isFalse();
    assertThat(registrations.cover(use(Reach.METHODS, "a.Seen", ""))).isTrue();
    assertThat(registrations.cover(use(Reach.INVOKE, "a.Seen", "any"))).isFalse();
    assertThat(registrations.cover(use(Reach.CONSTRUCT, "a.All", "<init>"))).isFalse();
  }

  @Test
  void resourcesMatchAsAWhole() throws IOException {
    jar(
        "a.jar",
        "resource-config.json",
        "{\"resources\":{\"includes\":[{\"pattern\":\"\\\\Qa/b.txt\\\\E\"}]}}");
    Registrations registrations = Registrations.read(sources);

    assertThat(registrations.cover(use(Reach.RESOURCE, "a/b.txt", ""))).isTrue();
    assertThat(registrations.cover(use(Reach.RESOURCE, "a/b.txt.old", ""))).isFalse();
  }

  @Test
  void whatTheArgumentsLeaveOutDoesNotCount() throws IOException {
    Files.writeString(
        sources.resolve("native-image.args"),
        "--exclude-config some\\.jar /META-INF/native-image/group/.*");
    jar("some.jar", "reflect-config.json", "[{\"name\":\"a.All\",\"allDeclaredMethods\":true}]");

    assertThat(Registrations.read(sources).cover(use(Reach.CLASS, "a.All", ""))).isFalse();
  }

  @Test
  void gapsLessTheirExcusesAreShownAsTheyWouldBeRegistered() throws IOException {
    List<Use> reached =
        List.of(
            use(Reach.INVOKE, "a.One", "open"),
            use(Reach.CONSTRUCT, "a.One", "<init>"),
            new Use(Reach.CLASS, "a.Known", "", "io.quarkus.Some"));

    Gaps gaps = Gaps.of(reached, Registrations.read(sources));

    assertThat(gaps.uses()).extracting(Use::name).containsOnly("a.One");
    assertThat(gaps.reflectConfig())
        .contains("\"a.One\"", "\"allDeclaredMethods\" : true", "\"allDeclaredConstructors\"");
  }
}
