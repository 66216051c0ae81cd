#include "load/wrong.h"

#include <curses.h>
#include <math.h>

#include "base/err.h"
#include "elsewhere/house.h"
#include "rules/rules.h"
#include "ui/screen/grid/grid.h"
