package dev.shiplog.agent.containerd.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The program that holds a sandbox's namespaces open: a static ELF executable of some 200 bytes. It
 * ignores SIGCHLD, so that the kernel itself buries processes of the pod that lose their parent,
 * and then sleeps for ever. It ends by SIGKILL only, as the first process of a namespace may.
 */
final class PauseProgram {

  private static final long LOAD_ADDRESS = 0x400000;
  private static final int HEADER_BYTES = 64;
  private static final int SEGMENT_BYTES = 56;
  private static final short MACHINE_X86_64 = 62;
  private static final short MACHINE_AARCH64 = 183;

  /** struct sigaction with SIG_IGN and nothing else; the same 32 bytes on both processors. */
  private static final byte[] IGNORE = HexFormat.of().parseHex("01" + "00".repeat(31));

  private PauseProgram() {}

  static byte[] of(Architecture architecture) {
    return switch (architecture) {
      case AMD64 -> executable(MACHINE_X86_64, amd64());
      case ARM64 -> executable(MACHINE_AARCH64, arm64());
    };
  }

  private static byte[] amd64() {
    return code(
        "b80d000000", // mov eax, 13 (rt_sigaction)
        "bf11000000", // mov edi, 17 (SIGCHLD)
        "488d3513000000", // lea rsi, [rip + 19]: the struct behind the code
        "31d2", // xor edx, edx
        "41ba08000000", // mov r10d, 8
        "0f05", // syscall
        "b822000000", // mov eax, 34 (pause)
        "0f05", // syscall
        "ebf7"); // jmp to the mov before
  }

  private static byte[] arm64() {
    return code(
        "c81080d2", // mov x8, 134 (rt_sigaction)
        "200280d2", // mov x0, 17 (SIGCHLD)
        "a1010010", // adr x1, +52: the struct behind the code
        "020080d2", // mov x2, 0
        "030180d2", // mov x3, 8
        "010000d4", // svc 0
        "280980d2", // mov x8, 73 (ppoll): no files, no time-out
        "000080d2", // mov x0, 0
        "010080d2", // mov x1, 0
        "020080d2", // mov x2, 0
        "030080d2", // mov x3, 0
        "040080d2", // mov x4, 0
        "010000d4", // svc 0
        "f9ffff17", // b to the mov of x8
        "1f2003d5"); // nop, which aligns the struct
  }

  private static byte[] code(String... instructions) {
    var code = new ByteArrayOutputStream();
    code.writeBytes(HexFormat.of().parseHex(String.join("", instructions)));
    code.writeBytes(IGNORE);
    return code.toByteArray();
  }

  /** An ELF header, one segment that maps the whole file readable and executable, and the code. */
  private static byte[] executable(short machine, byte[] code) {
    int codeOffset = HEADER_BYTES + SEGMENT_BYTES;
    int size = codeOffset + code.length;
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0); // 64 bits, little endian
    file.putShort((short) 2).putShort(machine).putInt(1); // executable
    file.putLong(LOAD_ADDRESS + codeOffset).putLong(HEADER_BYTES).putLong(0); // entry, segments
    file.putInt(0).putShort((short) HEADER_BYTES).putShort((short) SEGMENT_BYTES);
    file.putShort((short) 1).putShort((short) 64).putShort((short) 0).putShort((short) 0);
    file.putInt(1).putInt(5).putLong(0); // load, readable and executable, from the start
    file.putLong(LOAD_ADDRESS).putLong(LOAD_ADDRESS).putLong(size).putLong(size).putLong(0x1000);
    file.put(code);
    return file.array();
  }
}
