package dev.shiplog.nativecheck.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallSitesTest {

  private static final String REACHING = Reaching.class.getName();

  @TempDir private Path directory;

  /** What a class notes that does this, in lines without the caller. */
  private List<String> notes(Class<? extends Runnable> doing) throws Exception {
    Path file = directory.resolve("uses");
    Uses.writeTo(file);
    Class<?> watched = new Watched().loadClass(doing.getName());
    ((Runnable) watched.getDeclaredConstructor().newInstance()).run();
    return Files.readAllLines(file).stream()
        .filter(line -> line.endsWith("\t" + doing.getName()))
        .map(line -> line.substring(0, line.lastIndexOf('\t')))
        .toList();
  }

  @Test
  void whatIsReachedIsNotedWithItsMember() throws Exception {
    assertThat(notes(Reaching.ByName.class))
        .containsExactly(
            "CLASS\t" + REACHING + "\t",
            "METHODS\t" + REACHING + "\thidden",
            "INVOKE\t" + REACHING + "\thidden",
            "CONSTRUCTORS\t" + REACHING + "\t<init>",
            "CONSTRUCT\t" + REACHING + "\t<init>",
            "FIELDS\t" + REACHING + "\t",
            "FIELDS\t" + REACHING + "\tfield",
            "ACCESS\t" + REACHING + "\tfield");
  }

  @Test
  void aClassOfAConstantNameIsKnownWithoutBeingNoted() throws Exception {
    assertThat(notes(Reaching.ByConstant.class)).isEmpty();
  }

  @Test
  void resourcesAreNotedByTheirPathIfThereAreAny() throws Exception {
    assertThat(notes(Reaching.Resources.class))
        .containsExactly(
            "RESOURCE\tdev/shiplog/nativecheck/trace/Reaching.class\t",
            "RESOURCE\tdev/shiplog/nativecheck/trace/Reach.class\t");
  }

  @Test
  void aProxyIsNotedByItsInterfaces() throws Exception {
    assertThat(notes(Reaching.Proxies.class))
        .containsExactly("PROXY\tjava.lang.Runnable,java.lang.AutoCloseable\t");
  }

  /** Loads the classes of {@link Reaching} as a watched process would. */
  private static final class Watched extends ClassLoader {

    Watched() {
      super(CallSitesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      return name.startsWith(REACHING + "$") ? define(name) : super.loadClass(name, resolve);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String path = name.replace('.', '/');
      try (InputStream file = getParent().getResourceAsStream(path + ".class")) {
        byte[] bytes = file.readAllBytes();
        byte[] changed = new CallSites("nothing/").transform(this, path, null, null, bytes);
        byte[] used = changed == null ? bytes : changed;
        return defineClass(name, used, 0, used.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
