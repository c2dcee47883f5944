/** How much of the machine's memory a process takes. */
package dev.shiplog.standalone.memory;
