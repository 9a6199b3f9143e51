<?php A \ B(); \ C; namespace \ d();
