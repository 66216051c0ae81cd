/* tools/syntax_memory.h
 * Memory for the parser library. Version 0.20 counts the children of a node in 16 bits: a text with
 * more than 65,535 open brackets makes it free an address inside a block, and lose what lies before
 * it. So it gets blocks that know themselves: a foreign address is not freed, and what was lost
 * goes when the last tree is gone. */
#ifndef PERFSCALE_TOOLS_SYNTAX_MEMORY_H
#define PERFSCALE_TOOLS_SYNTAX_MEMORY_H

/* Around the life of each tree, its parser inside. */
void syntax_memory_begin(void);
void syntax_memory_end(void);

#endif
