<? echo 'shown or run'; ?>
