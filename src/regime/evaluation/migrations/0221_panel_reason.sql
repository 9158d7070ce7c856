-- 解散专家组、退回重评: why the leading office did so.

ALTER TABLE panel ADD COLUMN reason TEXT NOT NULL DEFAULT '';
