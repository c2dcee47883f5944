package dev.shiplog.nativecheck.trace;

import java.io.IOException;
import java.io.Writer;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the changed classes tell what they reach: each use once, as a line {@code REACH⇥TYPE OR
 * NAME⇥MEMBER⇥CALLER} that is in the file before the call comes back, so that a process may be
 * killed. Safe for use by many threads.
 */
public final class Uses {

  private static final Set<String> KNOWN = new HashSet<>();
  private static Writer out = Writer.nullWriter();

  private Uses() {}

  static synchronized void writeTo(Path file) throws IOException {
    KNOWN.clear();
    out = Files.newBufferedWriter(file);
  }

  /** A class that could not be changed: the check must not pass as if it reached nothing. */
  static synchronized void failed(String name, RuntimeException why) {
    write("FAILED\t" + name + "\t" + why + "\t");
  }

  /**
   * One use. Called by changed classes.
   *
   * @param reach a {@link Reach}
   * @param receiver whose method is called; null if it is static
   * @param first its first argument, null if that is none
   * @param result what came of it; null if that does not matter
   */
  public static void note(
      String reach, Object receiver, Object first, Object result, String caller) {
    String what =
        switch (Reach.valueOf(reach)) {
          case CLASS -> of(result);
          case METHODS, CONSTRUCTORS, FIELDS ->
              result instanceof Member ? of(result) : of(receiver);
          case CONSTRUCT, INVOKE, ACCESS -> of(receiver);
          case RESOURCE -> isFound(result) ? resource(receiver, (String) first) : null;
          case BUNDLE -> first + "\t";
          case PROXY -> proxy(result);
          case SERIALIZATION -> result == null ? null : of(result.getClass());
        };
    if (what != null) {
      write(reach + "\t" + what + "\t" + caller);
    }
  }

  private static String of(Object what) {
    return switch (what) {
      case Class<?> type when type.isPrimitive() || type.isArray() -> null;
      case Class<?> type -> isMade(type) ? null : type.getName() + "\t";
      case Constructor<?> member -> member(member, "<init>");
      case Method member -> member(member, member.getName());
      case Field member -> member(member, member.getName());
      case null, default -> null;
    };
  }

  private static String member(Member member, String name) {
    Class<?> type = member.getDeclaringClass();
    return isMade(type) ? null : type.getName() + "\t" + name;
  }

  /** What the virtual machine made meanwhile has no name that anybody could register. */
  private static boolean isMade(Class<?> type) {
    return type.isHidden() || Proxy.isProxyClass(type);
  }

  private static String proxy(Object made) {
    return made == null
        ? null
        : Arrays.stream(made.getClass().getInterfaces())
                .map(Class::getName)
                .collect(Collectors.joining(","))
            + "\t";
  }

  private static boolean isFound(Object result) {
    return result instanceof Enumeration<?> several ? several.hasMoreElements() : result != null;
  }

  private static String resource(Object receiver, String name) {
    if (!(receiver instanceof Class<?> near)) {
      return name + "\t";
    }
    return (name.startsWith("/")
            ? name.substring(1)
            : near.getPackageName().replace('.', '/') + "/" + name)
        + "\t";
  }

  private static synchronized void write(String line) {
    if (KNOWN.add(line)) {
      try {
        out.write(line + "\n");
        out.flush();
      } catch (IOException e) {
        throw new IllegalStateException("cannot note what is reached", e);
      }
    }
  }
}
